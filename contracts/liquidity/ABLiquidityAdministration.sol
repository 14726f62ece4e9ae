// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from '@openzeppelin/contracts/token/ERC20/IERC20.sol';
import {SafeERC20} from '@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol';
import {Context} from '@openzeppelin/contracts/utils/Context.sol';
import {Pausable} from '@openzeppelin/contracts/utils/Pausable.sol';
import {ReentrancyGuardTransient} from '@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol';
import {RelayedOwnable} from '../forwarder/RelayedOwnable.sol';
import {IABLiquidityAdministration} from '../interfaces/IABLiquidityAdministration.sol';

/// @title Fees and emergency brake (documented in IABLiquidityAdministration)
abstract contract ABLiquidityAdministration is
    IABLiquidityAdministration,
    RelayedOwnable,
    Pausable,
    ReentrancyGuardTransient
{
    using SafeERC20 for IERC20;

    /// @notice The most that the swap fee can be set to, in basis points of the amount in.
    uint256 public constant MAX_SWAP_FEE = 300;
    uint256 private constant INITIAL_SWAP_FEE = 30;
    uint256 private constant INITIAL_PROTOCOL_FEE = 10;

    // Both fees lie in the slot of Pausable's flag, so that a swap reads all three at once.
    uint16 private _swapFee;
    uint16 private _protocolFee;
    /// @inheritdoc IABLiquidityAdministration
    address public feeRecipient;
    /// @inheritdoc IABLiquidityAdministration
    address public guardian;
    mapping(address token => uint256) internal _protocolFees;

    constructor(address feeRecipient_, address guardian_) {
        _setSwapFee(INITIAL_SWAP_FEE);
        _setProtocolFee(INITIAL_PROTOCOL_FEE);
        _setFeeRecipient(feeRecipient_);
        _setGuardian(guardian_);
    }

    /// @inheritdoc IABLiquidityAdministration
    function setSwapFee(uint256 newFee) external onlyOwner {
        _setSwapFee(newFee);
    }

    /// @inheritdoc IABLiquidityAdministration
    function setProtocolFee(uint256 newFee) external onlyOwner {
        _setProtocolFee(newFee);
    }

    /// @inheritdoc IABLiquidityAdministration
    function setFeeRecipient(address newRecipient) external onlyOwner {
        _setFeeRecipient(newRecipient);
    }

    /// @inheritdoc IABLiquidityAdministration
    function setGuardian(address newGuardian) external onlyOwner {
        _setGuardian(newGuardian);
    }

    /// @inheritdoc IABLiquidityAdministration
    function pause() external {
        address caller = _msgSender();
        if (caller != guardian && caller != owner()) revert NotGuardian(caller);
        _pause();
    }

    /// @inheritdoc IABLiquidityAdministration
    function unpause() external onlyOwner {
        _unpause();
    }

    /// @inheritdoc IABLiquidityAdministration
    function collectProtocolFees(address token) external nonReentrant returns (uint256 amount) {
        amount = _protocolFees[token];
        _protocolFees[token] = 0;
        emit ProtocolFeesCollected(token, feeRecipient, amount);
        IERC20(token).safeTransfer(feeRecipient, amount);
    }

    /// @inheritdoc IABLiquidityAdministration
    function swapFee() public view returns (uint256 fee) {
        return _swapFee;
    }

    /// @inheritdoc IABLiquidityAdministration
    function protocolFee() public view returns (uint256 fee) {
        return _protocolFee;
    }

    /// @inheritdoc IABLiquidityAdministration
    function protocolFeesOf(address token) external view nonReentrantView returns (uint256 amount) {
        return _protocolFees[token];
    }

    function _setSwapFee(uint256 newFee) private {
        if (newFee > MAX_SWAP_FEE) revert SwapFeeTooLarge(newFee, MAX_SWAP_FEE);
        if (newFee < _protocolFee) revert ProtocolFeeAboveSwapFee(_protocolFee, newFee);
        emit SwapFeeUpdated(_swapFee, newFee);
        _swapFee = uint16(newFee);
    }

    function _setProtocolFee(uint256 newFee) private {
        if (newFee > _swapFee) revert ProtocolFeeAboveSwapFee(newFee, _swapFee);
        emit ProtocolFeeUpdated(_protocolFee, newFee);
        _protocolFee = uint16(newFee);
    }

    function _setFeeRecipient(address newRecipient) private {
        if (newRecipient == address(0) || newRecipient == address(this)) {
            revert InvalidRecipient(newRecipient);
        }
        emit FeeRecipientUpdated(feeRecipient, newRecipient);
        feeRecipient = newRecipient;
    }

    function _setGuardian(address newGuardian) private {
        emit GuardianUpdated(guardian, newGuardian);
        guardian = newGuardian;
    }

    function _msgSender() internal view override(Context, RelayedOwnable) returns (address) {
        return RelayedOwnable._msgSender();
    }

    function _msgData() internal view override(Context, RelayedOwnable) returns (bytes calldata) {
        return RelayedOwnable._msgData();
    }

    function _contextSuffixLength() internal view override(Context, RelayedOwnable) returns (uint256) {
        return RelayedOwnable._contextSuffixLength();
    }
}
